-- Workflows, work items, deputies, queues (workflow.md). Times are milliseconds since the epoch, UTC.

alter table staff add column manager_id integer references staff (id);
-- Own working hours where they differ from the office's: `mon-thu 08:00-16:00`; null: the office's.
alter table staff add column hours text;
-- How the digest reaches them: null: none; `daily`.
alter table staff add column digest text check (digest in ('daily'));
create index staff_manager on staff (manager_id) where manager_id is not null;

-- What stands in for a person, and when (workflow.md, Actions: out of office).
create table deputy (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  staff_id   integer not null references staff (id),
  deputy_id  integer not null references staff (id),
  document   text check (document in ('user_request', 'proposal', 'account_request')),
  starts_at  integer not null,
  ends_at    integer,
  note       text,
  state      text not null default 'active' check (state in ('active', 'ended')),
  constraint deputy_other check (staff_id <> deputy_id),
  constraint deputy_span check (ends_at is null or ends_at > starts_at)
) strict;
create index deputy_of on deputy (staff_id, starts_at) where state = 'active';
create index deputy_by on deputy (deputy_id) where state = 'active';

create table queue (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  updated_at integer not null,
  name       text not null,
  title      text not null,
  state      text not null default 'active' check (state in ('active', 'on_hold', 'inactive')),
  admin_id   integer not null references staff (id),
  -- A step that names the queue `auto` goes to the first active queue, by position, whose condition holds.
  position   integer not null,
  condition  text,
  constraint queue_name unique (name)
) strict;
create index queue_admin on queue (admin_id);

create table queue_member (
  id       integer primary key autoincrement,
  queue_id integer not null references queue (id) on delete cascade,
  staff_id integer not null references staff (id),
  constraint queue_member_once unique (queue_id, staff_id)
) strict;
create index queue_member_staff on queue_member (staff_id);

-- Rule files that were activated; the newest active one takes new documents, running instances keep theirs.
create table rule_set (
  id         integer primary key autoincrement,
  version    integer not null default 1,
  created_at integer not null,
  created_by integer references staff (id),
  origin     text not null,
  source     text not null,
  hash       text not null,
  state      text not null check (state in ('active', 'replaced'))
) strict;
create unique index rule_set_active on rule_set (state) where state = 'active';

-- One way of one document through one workflow: from submit to its end; a change request and the answer stay inside.
create table workflow_instance (
  id          integer primary key autoincrement,
  version     integer not null default 1,
  created_at  integer not null,
  updated_at  integer not null,
  document    text not null check (document in ('user_request', 'proposal', 'account_request')),
  document_id integer not null,
  number      text not null,
  rule_set_id integer not null references rule_set (id),
  workflow    text not null,
  state       text not null check (state in ('running', 'change_requested', 'stopped', 'approved', 'rejected', 'recalled', 'completed')),
  step        integer not null default 0,
  round       integer not null default 1,
  -- null: the applicant or the clock.
  submitted_by integer references staff (id),
  submitted_at integer not null,
  ended_at    integer,
  -- Why it was stopped, and who or what is at fault: a person, a rule, a template.
  cause text, culprit text,
  -- JSON: per step what became of it and by which part of which condition.
  trace       text not null default '[]'
) strict;
create index workflow_instance_of on workflow_instance (document, document_id, id);
create index workflow_instance_mine on workflow_instance (submitted_by, state);
create index workflow_instance_state on workflow_instance (state, id);
create index workflow_instance_set on workflow_instance (rule_set_id, state);

-- One turn of one person, role or queue.
create table work_item (
  id          integer primary key autoincrement,
  version     integer not null default 1,
  created_at  integer not null,
  updated_at  integer not null,
  instance_id integer not null references workflow_instance (id),
  document    text not null check (document in ('user_request', 'proposal', 'account_request')),
  document_id integer not null,
  number      text not null,
  kind        text not null check (kind in ('approval', 'change')),
  state       text not null check (state in ('open', 'approved', 'rejected', 'change_requested', 'changed', 'no_longer_required')),
  round       integer not null,
  step        integer not null,
  step_name   text not null,
  -- Whose vote it is; null while a role or queue holds it and nobody has voted.
  slot_id     integer references staff (id),
  -- Who has it now: the slot's person, whoever took it from role or queue, or a delegate.
  assigned_id integer references staff (id),
  role_id     integer references role (id),
  queue_id    integer references queue (id),
  deputy_id   integer references staff (id),
  -- Why this person: `role approver`, `manager of jens`, `delegated by ann`.
  because     text not null,
  note        text,
  due_at integer, remind_at integer, reminded_at integer, overdue_told_at integer,
  escalations integer not null default 0,
  -- When the clock must look at it next; null: never.
  clock_at    integer,
  decided_by  integer references staff (id),
  decided_for integer references staff (id),
  decided_at  integer,
  overridden  integer not null default 0 check (overridden in (0, 1)),
  reason      text,
  -- JSON list of the fields that a change request names.
  fields      text
) strict;
create index work_item_instance on work_item (instance_id, round, step);
create index work_item_document on work_item (document, document_id, id);
create index work_item_assigned on work_item (assigned_id, id) where state = 'open' and assigned_id is not null;
create index work_item_slot     on work_item (slot_id, id)     where state = 'open' and slot_id is not null;
create index work_item_deputy   on work_item (deputy_id, id)   where state = 'open' and deputy_id is not null;
create index work_item_role     on work_item (role_id, id)     where state = 'open' and role_id is not null;
create index work_item_queue    on work_item (queue_id, id)    where state = 'open' and queue_id is not null;
create index work_item_due      on work_item (due_at, id)      where state = 'open' and due_at is not null;
create index work_item_clock    on work_item (clock_at, id)    where state = 'open' and clock_at is not null;
create index work_item_decided  on work_item (decided_by, decided_at) where decided_by is not null;
create index work_item_state    on work_item (state, id);

-- Questions and answers about a document; nothing waits for them.
create table work_question (
  id          integer primary key autoincrement,
  version     integer not null default 1,
  created_at  integer not null,
  updated_at  integer not null,
  instance_id integer not null references workflow_instance (id),
  item_id     integer references work_item (id),
  asked_by    integer not null references staff (id),
  asked_of    integer not null references staff (id),
  question    text not null,
  answer      text,
  answered_by integer references staff (id),
  answered_at integer
) strict;
create index work_question_instance on work_question (instance_id, id);
create index work_question_open on work_question (asked_of) where answer is null;

-- What a person has had on the screen; no record, so it has no images.
create table work_seen (
  item_id  integer not null references work_item (id) on delete cascade,
  staff_id integer not null references staff (id) on delete cascade,
  at       integer not null,
  primary key (item_id, staff_id)
) strict, without rowid;

-- The clock's own duties beside items: the digest of a day goes out once.
create table clock_duty (
  name text primary key,
  done_at integer not null
) strict, without rowid;

-- Events for the office's own portal: the hook program gets each one, in order per user, until it says yes.
create table provision_event (
  id              integer primary key autoincrement,
  created_at      integer not null,
  updated_at      integer not null,
  -- The history entry that caused it: undo calls it back by that. No foreign keys: undo may take the records away.
  entry_id        integer,
  user_request_id integer not null,
  portal_user_id  integer not null,
  payload         text not null,
  state           text not null check (state in ('held', 'waiting', 'running', 'done', 'failed', 'cancelled')),
  attempts        integer not null default 0,
  first_at        integer,
  next_at         integer,
  lease_owner     text,
  lease_until     integer,
  last_error      text,
  done_at         integer
) strict;
create index provision_event_due on provision_event (next_at, id) where state in ('held', 'waiting', 'running');
create index provision_event_user on provision_event (portal_user_id, id);
create index provision_event_request on provision_event (user_request_id);
create index provision_event_state on provision_event (state, id);
create index provision_event_entry on provision_event (entry_id) where entry_id is not null;

alter table user_request add column last_edited_by integer references staff (id);
alter table user_request add column change_note text;

create trigger user_request_tally_i after insert on user_request begin
  insert into tally values ('user_request', new.state, 1) on conflict do update set n = n + 1; end;
create trigger user_request_tally_d after delete on user_request begin update tally set n = n - 1 where kind = 'user_request' and state = old.state; end;
create trigger user_request_tally_u after update of state on user_request when old.state <> new.state begin
  update tally set n = n - 1 where kind = 'user_request' and state = old.state;
  insert into tally values ('user_request', new.state, 1) on conflict do update set n = n + 1; end;
insert into tally select 'user_request', state, count(*) from user_request where true group by state on conflict do update set n = excluded.n;

-- The new permissions, for the roles an office started with; those it made itself get none.
insert into role_permission (role_id, permission)
  select r.id, g.column2 from (values
    ('administrator', 'user_request.edit'), ('administrator', 'work.view'), ('administrator', 'work.decide'), ('administrator', 'work.reassign'),
    ('administrator', 'work.override'), ('administrator', 'work.resume'), ('administrator', 'workflow.view'), ('administrator', 'workflow.manage'),
    ('administrator', 'deputy.manage'),
    ('manager', 'user_request.edit'), ('manager', 'work.view'), ('manager', 'work.decide'), ('manager', 'work.reassign'),
    ('manager', 'work.override'), ('manager', 'work.resume'), ('manager', 'workflow.view'), ('manager', 'deputy.manage'),
    ('approver', 'user_request.edit'), ('approver', 'work.view'), ('approver', 'work.decide'), ('approver', 'workflow.view'),
    ('service_rep', 'user_request.edit'), ('service_rep', 'user_request.submit'), ('service_rep', 'work.view'), ('service_rep', 'work.decide'),
    ('sales_rep', 'user_request.view'), ('sales_rep', 'work.view'), ('sales_rep', 'work.decide'),
    ('account_manager', 'user_request.edit'), ('account_manager', 'user_request.submit'), ('account_manager', 'work.view'), ('account_manager', 'work.decide'),
    ('auditor', 'work.view'), ('auditor', 'workflow.view')) g
  join role r on r.name = g.column1
  where true on conflict do nothing;
