-- A commit that moves many bots is all or nothing: the statement calls this when one of them has not moved, and the
-- worker then asks for each on its own. Nothing of the batch has to be joined with what has moved.
create function refuse_stale_batch() returns void language plpgsql as $$
begin
  raise exception 'a bot of this commit was moved by somebody else, or its shard was'
    using errcode = 'CF001';
end
$$;

-- The bounds of the tables that every commit writes, as bounds of types: those are read once a connection, and those of
-- a table in every statement again, which took a fourteenth of it. A shard is one of 64 rows that never change.
create domain short_name as text check (length(value) between 1 and 40);
create domain bot_name as text check (length(value) between 1 and 80);
create domain bot_kind as text check (value in ('dca', 'grid', 'smart-trade'));
create domain bot_status as text check (value in ('created', 'running', 'stopped', 'ended'));
create domain shard_number as integer check (value between 0 and 63);
create domain count_so_far as bigint check (value >= 0);
create domain place as bigint check (value > 0);

alter table bot
  drop constraint bot_owner_check,
  drop constraint bot_id_check,
  drop constraint bot_name_check,
  drop constraint bot_kind_check,
  drop constraint bot_status_check,
  drop constraint bot_seq_check,
  drop constraint bot_intent_seq_check,
  drop constraint bot_shard_fkey,
  alter column owner type short_name,
  alter column id type short_name,
  alter column name type bot_name,
  alter column kind type bot_kind,
  alter column status type bot_status,
  alter column shard type shard_number,
  alter column seq type count_so_far,
  alter column intent_seq type count_so_far;

alter table bot_event drop constraint bot_event_seq_check, alter column seq type place;

alter table outbox_head drop constraint outbox_head_last_check, alter column last type count_so_far;

drop view outbox;

alter table outbox_batch drop constraint outbox_batch_first_check, alter column first type place;

create view outbox as
select b.owner, b.last, b.first + e.n - 1 as id, b.at, e.entry->>'kind' as kind, e.entry->>'bot' as bot,
  e.entry->'body' as body
from outbox_batch b, json_array_elements(b.entries) with ordinality as e(entry, n);
