-- What a commit tells people is one row, not one an entry: writing them one by one took a fourth of the statement that
-- moves bots.
create table outbox_batch (
  owner text not null,
  -- Numbers of its first and last entry.
  first bigint not null check (first > 0),
  last bigint not null check (last >= first),
  at timestamptz not null default now(),
  -- A list of `{kind, bot, body}`, one for every number.
  entries json not null,
  primary key (owner, last)
);

insert into outbox_batch (owner, first, last, at, entries)
select owner, id, id, at, json_build_array(json_build_object('kind', kind, 'bot', bot, 'body', body)) from outbox;

drop table outbox;

-- Whoever follows names `last` as well as `id`: the index knows the first alone.
create view outbox as
select b.owner, b.last, b.first + e.n - 1 as id, b.at, e.entry->>'kind' as kind, e.entry->>'bot' as bot,
  e.entry->'body' as body
from outbox_batch b, json_array_elements(b.entries) with ordinality as e(entry, n);
