-- What a person puts aside on their own work list, and what they keep an eye on (workflow.md, Work).

-- Until then it is not on this person's list; the turn's clock goes on, and what is due comes back by itself.
create table work_snooze (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  item_id    integer not null references work_item (id),
  staff_id   integer not null references staff (id),
  until_at   integer not null,
  reason     text not null,
  constraint work_snooze_once unique (staff_id, item_id)
) strict;

create table work_watch (
  id          integer primary key autoincrement,
  version     integer not null default 1,
  created_at  integer not null,
  updated_at  integer not null,
  document    text not null check (document in ('user_request', 'proposal', 'account_request')),
  document_id integer not null,
  staff_id    integer not null references staff (id),
  constraint work_watch_once unique (staff_id, document, document_id)
) strict;
