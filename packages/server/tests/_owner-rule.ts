import { execute } from './_database.ts';

/**
 * Every breach of the rule of ARCHITECTURE.md, "Growing past one machine", in the tables of a database, as
 * sentences. A table is either a reference table, which says so in its comment (`reference: why it stays
 * small`), or it grows with use: then `owner` is the first column of its primary key and of every other unique
 * index, and its foreign keys stay with the same owner or go to a reference table.
 */
export async function ownerRuleBreaches(url: string): Promise<readonly string[]> {
  const rows = await execute(url, breachesSql);
  return rows.map(({ breach }) => String(breach));
}

const breachesSql = `
with tables as (
  select c.oid, c.relname, coalesce(obj_description(c.oid, 'pg_class') like 'reference: _%', false) as is_reference
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
),
first_columns as (
  select i.indrelid, i.indexrelid::regclass::text as index_name, i.indisprimary, i.indisunique, i.indisexclusion,
    (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) as first_column
  from pg_index i
),
foreign_keys as (
  select k.conname, k.conrelid, k.confrelid,
    (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) as from_column,
    (select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) as to_column
  from pg_constraint k
  where k.contype = 'f'
)
select format('%s grows with use and has no primary key', t.relname) as breach
from tables t
where not t.is_reference
  and not exists (select from first_columns f where f.indrelid = t.oid and f.indisprimary)
union all
select format('%s grows with use, and %s does not begin with owner', t.relname, f.index_name)
from tables t join first_columns f on f.indrelid = t.oid
where not t.is_reference and (f.indisunique or f.indisexclusion) and f.first_column is distinct from 'owner'
union all
select format('%s: %s ties rows of different owners together', t.relname, k.conname)
from tables t
join foreign_keys k on k.conrelid = t.oid
join tables target on target.oid = k.confrelid
where not target.is_reference
  and (t.is_reference or k.from_column is distinct from 'owner' or k.to_column is distinct from 'owner')
order by breach`;
