-- Which installation a database belongs to, so that a restored copy or a mistyped DATABASE_URL is noticed.
create table counterfoil_installation (
  only_row boolean primary key default true check (only_row),
  id uuid not null default gen_random_uuid(),
  made_by text not null check (length(made_by) between 1 and 64),
  made_at timestamptz not null default now()
);

comment on table counterfoil_installation is 'reference: exactly one row';

insert into counterfoil_installation (made_by) values (current_setting('counterfoil.version'));
