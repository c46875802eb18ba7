-- Whose records must be looked at again: filled by triggers, so that no command can forget it, and emptied in the same
-- transaction. kind: 1 customer, 2 sign-up. Bulk loads make the whole index afterwards.
create table match_dirty (
  kind  integer not null,
  owner integer not null,
  primary key (kind, owner)
) strict, without rowid;

create trigger match_customer_i after insert on customer when (select images from history_open) = 1
  begin insert or ignore into match_dirty values (1, new.id); end;
create trigger match_customer_u after update of name, email, phone, tax_number, country, city on customer
  begin insert or ignore into match_dirty values (1, new.id); end;
create trigger match_customer_d after delete on customer begin insert or ignore into match_dirty values (1, old.id); end;
create trigger match_address_i after insert on customer_address when (select images from history_open) = 1
  begin insert or ignore into match_dirty values (1, new.customer_id); end;
create trigger match_address_u after update on customer_address begin insert or ignore into match_dirty values (1, new.customer_id); end;
create trigger match_address_d after delete on customer_address begin insert or ignore into match_dirty values (1, old.customer_id); end;
create trigger match_link_i after insert on customer_contact when (select images from history_open) = 1
  begin insert or ignore into match_dirty values (1, new.customer_id); end;
create trigger match_link_u after update on customer_contact begin insert or ignore into match_dirty values (1, new.customer_id); end;
create trigger match_link_d after delete on customer_contact begin insert or ignore into match_dirty values (1, old.customer_id); end;
create trigger match_contact_u after update of first_name, last_name, email, phone, state on contact begin
  insert or ignore into match_dirty select 1, customer_id from customer_contact where contact_id = new.id; end;
create trigger match_signup_i after insert on signup when (select images from history_open) = 1
  begin insert or ignore into match_dirty values (2, new.id); end;
create trigger match_signup_u after update of company, first_name, last_name, email, phone, tax_number, street, city, postal_code, country, state
  on signup begin insert or ignore into match_dirty values (2, new.id); end;
create trigger match_signup_d after delete on signup begin insert or ignore into match_dirty values (2, old.id); end;
