-- The first schema. Times are milliseconds since the epoch, UTC. Released migrations are never edited.
-- History images are written by triggers that the migration runner makes from the column lists of the tables
-- named in desk/store/images.rs, so that no command can forget them.

create table history (
  id         integer primary key,
  group_id   integer not null,
  at         integer not null,
  actor_id   integer,
  actor      text not null,
  acting_as  text,
  how        text not null,
  command    text not null,
  kind       text not null,
  record_kind text,
  record_id  integer,
  record     text,
  from_state text,
  to_state   text,
  note       text,
  reason     text,
  detail     text not null default '{}',
  undoes     integer,
  undone_by  integer,
  prev_hash  text not null,
  hash       text not null
) strict;
create index history_group  on history (group_id, id);
create index history_record on history (record_kind, record_id, id);
create index history_actor  on history (actor_id, id);

create table history_row (
  id       integer primary key,
  entry_id integer,
  tbl      text not null,
  row_id   integer not null,
  before   text,
  after    text
) strict;
create index history_row_entry on history_row (entry_id, id);
create index history_row_of    on history_row (tbl, row_id, id);

-- One row: the entry that is being written, or null outside of a command. images = 0 only while a bulk load runs.
create table history_open (
  id       integer primary key check (id = 1),
  entry_id integer,
  images   integer not null default 1
) strict;
insert into history_open (id) values (1);

create trigger history_keep before delete on history begin select raise(abort, 'history is append-only'); end;
create trigger history_row_keep before delete on history_row begin select raise(abort, 'history is append-only'); end;
create trigger history_row_fixed before update on history_row begin select raise(abort, 'history is append-only'); end;
create trigger history_fixed before update of id, group_id, at, actor_id, actor, acting_as, how, command, kind,
  record_kind, record_id, record, from_state, to_state, note, reason, detail, undoes, prev_hash, hash on history
  begin select raise(abort, 'history is append-only'); end;
create trigger history_undone_once before update of undone_by on history
  when old.undone_by is not null and new.undone_by is not null and old.undone_by <> new.undone_by
  begin select raise(abort, 'history is append-only'); end;

create table tally (
  kind  text not null,
  state text not null,
  n     integer not null,
  primary key (kind, state)
) strict, without rowid;

create table number_sequence (
  name       text primary key,
  prefix     text not null,
  next       integer not null check (next > 0),
  width      integer not null check (width between 1 and 12)
) strict, without rowid;

create table setting (
  name  text primary key,
  value text not null
) strict, without rowid;

-- autoincrement: the id of a row that undo took away is never given to another one, which history would confuse.
create table staff (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  login      text not null,
  name       text not null,
  email      text,
  language   text not null default 'en',
  division   text,
  person     text,
  active     integer not null default 1 check (active in (0, 1)),
  constraint staff_login unique (login)
) strict;

create table role (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  name       text not null,
  title      text not null,
  constraint role_name unique (name)
) strict;

create table role_permission (
  id         integer primary key autoincrement,
  role_id    integer not null references role (id) on delete cascade,
  permission text not null,
  constraint role_permission_once unique (role_id, permission)
) strict;

create table staff_role (
  id       integer primary key autoincrement,
  staff_id integer not null references staff (id) on delete cascade,
  role_id  integer not null references role (id),
  constraint staff_role_once unique (staff_id, role_id)
) strict;
create index staff_role_role on staff_role (role_id);

create table customer (
  id         integer primary key autoincrement,
  number     text not null,
  version    integer not null default 1,
  created_at integer not null,
  created_by text not null,
  updated_at integer not null,
  updated_by text not null,
  state      text not null default 'active' check (state in ('active', 'on_hold', 'inactive')),
  name       text not null,
  search_name text,
  party_kind text not null default 'organisation' check (party_kind in ('organisation', 'person')),
  customer_group text, currency text, language text,
  phone text, phone2 text, email text, email2 text, website text, tax_number text,
  terms_of_payment text, method_of_payment text, payment_specification text, cash_discount text,
  credit_limit text, mandatory_credit_limit integer not null default 0 check (mandatory_credit_limit in (0, 1)),
  credit_rating text, sales_tax_group text, delivery_terms text, invoice_account text,
  bank_holder text, iban text, bic text,
  exclude_interest integer not null default 0 check (exclude_interest in (0, 1)),
  exclude_collection_fee integer not null default 0 check (exclude_collection_fee in (0, 1)),
  payment_base_days integer,
  account_manager_id integer references staff (id), sales_rep_id integer references staff (id),
  division text, notes text, external_id text, signup_id integer, template text,
  -- kept by the desk: what the list shows of the business address, and folded keys for look-ups and order
  city text, country text,
  name_key text not null, city_key text not null default '',
  email_key text, domain_key text, phone_key text, tax_key text,
  country_key text not null generated always as (coalesce(country, '')) virtual,
  search text not null,
  constraint customer_number unique (number),
  constraint customer_external unique (external_id)
) strict;
create index customer_name    on customer (name_key, id);
create index customer_city    on customer (city_key, id);
create index customer_country on customer (country_key, id);
create index customer_state   on customer (state, id);
create index customer_state_name    on customer (state, name_key, id);
create index customer_state_city    on customer (state, city_key, id);
create index customer_state_country on customer (state, country_key, id);
create index customer_manager on customer (account_manager_id) where account_manager_id is not null;
create index customer_rep     on customer (sales_rep_id) where sales_rep_id is not null;
create index customer_email   on customer (email_key) where email_key is not null;
create index customer_domain  on customer (domain_key) where domain_key is not null;
create index customer_phone   on customer (phone_key) where phone_key is not null;
create index customer_tax     on customer (tax_key) where tax_key is not null;

create table customer_address (
  id          integer primary key autoincrement,
  customer_id integer not null references customer (id) on delete cascade,
  purpose     text not null check (purpose in ('business', 'invoice', 'delivery')),
  street text, street2 text, city text, postal_code text, county text, region text, country text
) strict;
create index customer_address_of on customer_address (customer_id, purpose);

create table contact (
  id         integer primary key autoincrement,
  number     text not null,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  state      text not null default 'active' check (state in ('active', 'inactive')),
  first_name text, last_name text not null, job_title text,
  email text, phone text, phone2 text, language text,
  email_key text, name_key text not null, search text not null,
  constraint contact_number unique (number)
) strict;
create index contact_name  on contact (name_key, id);
create index contact_email on contact (email_key) where email_key is not null;

create table customer_contact (
  id          integer primary key autoincrement,
  customer_id integer not null references customer (id) on delete cascade,
  contact_id  integer not null references contact (id) on delete cascade,
  role        text,
  active      integer not null default 1 check (active in (0, 1)),
  constraint customer_contact_once unique (customer_id, contact_id)
) strict;
create index customer_contact_contact on customer_contact (contact_id);

create table template (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  name       text not null,
  division   text,
  active     integer not null default 1 check (active in (0, 1)),
  "values"   text not null,
  constraint template_name unique (name)
) strict;

create table signup (
  id         integer primary key autoincrement,
  number     text not null,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  state      text not null check (state in ('requested', 'verified_by_user', 'approved', 'created', 'rejected', 'withdrawn', 'expired')),
  state_before text,
  state_since integer not null,
  external_id text,
  company text not null, first_name text, last_name text not null, job_title text,
  email text not null, phone text, fax text, website text, tax_number text,
  street text, street2 text, city text, postal_code text, county text, region text, country text not null,
  language text, user_name text, authentication text, message text, existing_account text,
  privacy_version text, privacy_accepted_at text,
  extra text not null default '{}',
  source text not null check (source in ('form', 'import', 'staff', 'mail')),
  carrier text, entered_by integer references staff (id),
  assigned_to integer references staff (id),
  verified_at integer, verified_how text, verified_by integer references staff (id), verify_note text,
  decided_by integer references staff (id), decided_at integer, overridden integer not null default 0 check (overridden in (0, 1)),
  reason_code text, reason text, reply text,
  code_expires_at integer, resend_count integer not null default 0, resent_at integer,
  has_hidden integer not null default 0 check (has_hidden in (0, 1)),
  checks_good integer not null default 0, checks_total integer not null default 0, checks_worst text not null default 'good',
  duplicate text, duplicate_percent integer, duplicate_count integer not null default 0,
  customer_id integer references customer (id), contact_id integer references contact (id), user_request_id integer,
  company_key text not null, contact_key text not null, email_key text not null, domain_key text, phone_key text, tax_key text,
  duplicate_key integer not null generated always as (coalesce(duplicate_percent, -1)) virtual,
  assigned_key  integer not null generated always as (coalesce(assigned_to, 0)) virtual,
  search text not null,
  constraint signup_number unique (number),
  constraint signup_external unique (external_id)
) strict;
create index signup_state         on signup (state, id);
create index signup_company       on signup (company_key, id);
create index signup_state_company on signup (state, company_key, id);
create index signup_contact       on signup (contact_key, id);
create index signup_state_contact on signup (state, contact_key, id);
create index signup_email         on signup (email_key, id);
create index signup_state_email   on signup (state, email_key, id);
create index signup_checks        on signup (checks_good, id);
create index signup_state_checks  on signup (state, checks_good, id);
create index signup_dup           on signup (duplicate_key, id);
create index signup_state_dup     on signup (state, duplicate_key, id);
create index signup_assigned      on signup (assigned_key, id);
create index signup_state_assigned on signup (state, assigned_key, id);
create index signup_assignee on signup (assigned_to) where assigned_to is not null;
create index signup_domain on signup (domain_key, created_at) where domain_key is not null;
create index signup_phone  on signup (phone_key, created_at) where phone_key is not null;
create index signup_tax    on signup (tax_key) where tax_key is not null;
create index signup_customer on signup (customer_id) where customer_id is not null;
create index signup_contact_made on signup (contact_id) where contact_id is not null;
create index signup_expiry on signup (code_expires_at) where state = 'requested';

create table signup_code (
  id         integer primary key autoincrement,
  signup_id  integer not null references signup (id) on delete cascade,
  hash       text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at    integer,
  replaced_at integer,
  constraint signup_code_hash unique (hash)
) strict;
create index signup_code_of on signup_code (signup_id, id);

-- Wrong tries are counted outside of history: they change no record (registration.md, Verification).
create table wrong_code (
  id        integer primary key,
  signup_id integer,
  at        integer not null
) strict;
create index wrong_code_of on wrong_code (signup_id, at);

create table signup_check (
  id        integer primary key autoincrement,
  signup_id integer not null references signup (id) on delete cascade,
  name      text not null,
  outcome   text not null check (outcome in ('good', 'attention', 'bad', 'not_applicable')),
  word      text not null
) strict;
create index signup_check_of on signup_check (signup_id, id);

create table not_duplicate (
  id        integer primary key autoincrement,
  signup_id integer not null references signup (id) on delete cascade,
  other     text not null,
  by_id     integer references staff (id),
  at        integer not null,
  constraint not_duplicate_once unique (signup_id, other)
) strict;

create table user_request (
  id         integer primary key autoincrement,
  number     text not null,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  state      text not null check (state in ('draft', 'submitted', 'pending_approval', 'rejected', 'approved', 'pending_completion', 'completed', 'canceled')),
  type       text not null,
  action     text not null check (action in ('add', 'change_role', 'inactivate', 'reactivate', 'reset_credentials')),
  contact_id integer not null references contact (id),
  customer_id integer references customer (id),
  signup_id  integer references signup (id),
  role       text not null,
  email      text not null,
  authentication text not null check (authentication in ('set_password_link', 'temporary_password', 'external_sso')),
  user_name  text not null,
  justification text,
  originator_id integer references staff (id),
  submitted_at integer, completed_at integer,
  waiting_reason text, failure text, rule text,
  portal_user_id integer,
  search text not null,
  constraint user_request_number unique (number)
) strict;
create index user_request_state    on user_request (state, id);
create index user_request_contact  on user_request (contact_id);
create index user_request_customer on user_request (customer_id);
create index user_request_signup   on user_request (signup_id);
create index user_request_user_name on user_request (lower(user_name));
create index user_request_originator on user_request (originator_id);

create table portal_user (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  state      text not null check (state in ('active', 'inactive')),
  user_name  text not null,
  user_name_key text not null,
  contact_id integer not null references contact (id),
  role       text not null,
  authentication text not null,
  password_hash text, password_expires_at integer, must_change integer not null default 0 check (must_change in (0, 1)),
  user_request_id integer references user_request (id),
  constraint portal_user_name unique (user_name_key)
) strict;
create index portal_user_contact on portal_user (contact_id);
create index portal_user_request on portal_user (user_request_id);

-- One-time links: only the SHA-256 is kept; valid_hours counts from the moment the mail was accepted (workflow.md, Provisioning).
create table logon_token (
  id         integer primary key autoincrement,
  portal_user_id integer not null references portal_user (id) on delete cascade,
  hash       text not null,
  created_at integer not null,
  valid_hours integer not null,
  message_id text not null,
  used_at    integer, revoked_at integer,
  constraint logon_token_hash unique (hash)
) strict;
create index logon_token_user on logon_token (portal_user_id, id);

create table outbox (
  id integer primary key, entry_id integer, event text not null, lang text not null,
  to_address text not null, to_name text, subject text not null,
  record_kind text, record_id integer, record text,
  message_id text not null unique, body blob, secret integer not null default 0, once_only integer not null default 0,
  state text not null check (state in ('held','waiting','sending','sent','failed','paused','superseded','cancelled')),
  phase text check (phase in ('claimed','dot')), attempts integer not null default 0, unsure integer not null default 0,
  next_at integer, lease_owner text, lease_until integer, last_reply text, created_at integer not null, sent_at integer, updated_at integer not null
) strict;
create index outbox_due on outbox (next_at, id) where state in ('held','waiting','sending');
create index outbox_state on outbox (state, id);
create index outbox_record on outbox (record_kind, record_id, id);
create index outbox_entry on outbox (entry_id);
create index outbox_secret on outbox (updated_at) where secret = 1 and state in ('cancelled', 'superseded') and body is not null;
create table outbox_attempt (id integer primary key, outbox_id integer not null references outbox (id) on delete cascade, at integer not null, phase text not null, outcome text not null, reply text) strict;
create index outbox_attempt_of on outbox_attempt (outbox_id, id);
create table mail_queue (id integer primary key check (id = 1), paused_reason text, paused_at integer, backoff_until integer, failures integer not null default 0, failing_since integer, last_ok_at integer) strict;
insert into mail_queue (id) values (1);

-- Search: trigrams over folded text, without positions; a hit is verified against the text itself.
create virtual table signup_fts   using fts5 (search, content = 'signup',   content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0);
create virtual table customer_fts using fts5 (search, content = 'customer', content_rowid = 'id', tokenize = 'trigram', detail = none, columnsize = 0);

create trigger signup_fts_i after insert on signup begin insert into signup_fts (rowid, search) values (new.id, new.search); end;
create trigger signup_fts_d after delete on signup begin insert into signup_fts (signup_fts, rowid, search) values ('delete', old.id, old.search); end;
create trigger signup_fts_u after update of search on signup when old.search <> new.search begin
  insert into signup_fts (signup_fts, rowid, search) values ('delete', old.id, old.search);
  insert into signup_fts (rowid, search) values (new.id, new.search); end;
create trigger customer_fts_i after insert on customer begin insert into customer_fts (rowid, search) values (new.id, new.search); end;
create trigger customer_fts_d after delete on customer begin insert into customer_fts (customer_fts, rowid, search) values ('delete', old.id, old.search); end;
create trigger customer_fts_u after update of search on customer when old.search <> new.search begin
  insert into customer_fts (customer_fts, rowid, search) values ('delete', old.id, old.search);
  insert into customer_fts (rowid, search) values (new.id, new.search); end;

create trigger signup_tally_i after insert on signup begin
  insert into tally values ('signup', new.state, 1) on conflict do update set n = n + 1; end;
create trigger signup_tally_d after delete on signup begin update tally set n = n - 1 where kind = 'signup' and state = old.state; end;
create trigger signup_tally_u after update of state on signup when old.state <> new.state begin
  update tally set n = n - 1 where kind = 'signup' and state = old.state;
  insert into tally values ('signup', new.state, 1) on conflict do update set n = n + 1; end;
create trigger customer_tally_i after insert on customer begin
  insert into tally values ('customer', new.state, 1) on conflict do update set n = n + 1; end;
create trigger customer_tally_d after delete on customer begin update tally set n = n - 1 where kind = 'customer' and state = old.state; end;
create trigger customer_tally_u after update of state on customer when old.state <> new.state begin
  update tally set n = n - 1 where kind = 'customer' and state = old.state;
  insert into tally values ('customer', new.state, 1) on conflict do update set n = n + 1; end;
create trigger outbox_tally_i after insert on outbox begin
  insert into tally values ('mail', new.state, 1) on conflict do update set n = n + 1; end;
create trigger outbox_tally_d after delete on outbox begin update tally set n = n - 1 where kind = 'mail' and state = old.state; end;
create trigger outbox_tally_u after update of state on outbox when old.state <> new.state begin
  update tally set n = n - 1 where kind = 'mail' and state = old.state;
  insert into tally values ('mail', new.state, 1) on conflict do update set n = n + 1; end;
