-- What people should know, made from the outbox; each entry is looked at once.
create table notice (
  owner text not null,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  level text not null check (level in ('info', 'check', 'act')),
  security boolean not null,
  subject text not null check (length(subject) <= 120),
  body text not null check (length(body) <= 1000),
  read_at timestamptz,
  primary key (owner, id)
);

create table notice_cursor (
  owner text primary key,
  last bigint not null check (last >= 0)
);

create table channel (
  owner text not null,
  id text not null check (length(id) between 1 and 40),
  label text not null check (length(label) between 1 and 80),
  url text not null check (length(url) <= 2000),
  level text not null check (level in ('info', 'check', 'act')),
  tested boolean not null default false,
  trouble text check (length(trouble) <= 300),
  made_at timestamptz not null default now(),
  primary key (owner, id)
);

-- One line per notice and channel, sent in the order of its id, each until it was taken or given up.
create table delivery (
  owner text not null,
  id bigint generated always as identity,
  channel text not null,
  level text not null,
  subject text not null,
  payload text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given-up')),
  attempts integer not null default 0,
  last_status integer,
  trouble text check (length(trouble) <= 300),
  next_at timestamptz not null default now(),
  made_at timestamptz not null default now(),
  delivered_at timestamptz,
  primary key (owner, id),
  foreign key (owner, channel) references channel on delete cascade
);

create index delivery_waiting on delivery (owner, channel, id) where state = 'waiting';

-- The key that signs deliveries: of the installation, so that every server signs alike.
create table notice_key (
  only_row boolean primary key default true check (only_row),
  private_key_pem text not null
);

comment on table notice_key is 'reference: exactly one row';

-- What a workspace was worth, a point in some minutes while somebody looks.
create table worth_point (
  owner text not null,
  at timestamptz not null,
  worth numeric not null,
  primary key (owner, at)
);

-- Whose a trade was that no order of ours explains, as its owner says.
create table foreign_answer (
  owner text not null,
  connection text not null,
  symbol text not null,
  trade_id text not null,
  answer text not null check (answer in ('mine', 'other-app', 'not-me')),
  at timestamptz not null default now(),
  primary key (owner, connection, symbol, trade_id)
);
