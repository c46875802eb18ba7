-- Possible duplicates. Derived from customers, contacts and sign-ups, so none of it is in history: it can be made anew.

-- A record as it is compared. One row for each person of a customer; kind: 1 customer, 2 sign-up.
create table match_record (
  id    integer primary key,
  kind  integer not null check (kind in (1, 2)),
  owner integer not null,
  form  blob not null
) strict;
create index match_record_owner on match_record (kind, owner);

-- Key (32 bits) and the packed list of the records that have it.
create table match_posting (
  key integer primary key,
  ids blob not null
) strict;

-- Every model that ever judged, so that an old score can be told again. common: frequencies of values, packed.
create table match_model (
  version integer primary key,
  at      integer not null,
  numbers text not null,
  common  blob not null
) strict;
