-- Who may move which bots. A bot belongs to the shard of its connection, so that one worker at a time reads the fills
-- of an account and spends its request weight. A fixed number: the hash of a connection must keep its meaning.
create table shard (
  id integer primary key check (id between 0 and 63),
  worker text check (length(worker) between 1 and 40),
  -- From the installation's one counter: whoever takes a shard over is above everybody who had it before.
  epoch bigint not null default 0 check (epoch between 0 and 4294967295),
  until timestamptz not null default '-infinity'
);

comment on table shard is 'reference: 64 rows';

insert into shard (id) select generate_series(0, 63);

-- Workers that are alive, so that each takes its fair part of the shards.
create table worker (
  id text primary key check (length(id) between 1 and 40),
  seen_at timestamptz not null default now()
);

comment on table worker is 'reference: one row per worker process, removed when it is gone';

create table bot (
  owner text not null check (length(owner) between 1 and 40),
  id text not null check (length(id) between 1 and 40),
  name text not null check (length(name) between 1 and 80),
  kind text not null check (kind in ('dca', 'grid', 'smart-trade')),
  connection text not null,
  shard integer not null references shard (id),
  status text not null check (status in ('created', 'running', 'stopped', 'ended')),
  options json not null,
  -- The machine after event `seq`, and everything that it waits for then, its timers included: null before the first.
  state json,
  parked json not null default '[]',
  seq bigint not null default 0 check (seq >= 0),
  -- The highest sequence given to an intent of this bot.
  intent_seq bigint not null default 0 check (intent_seq >= 0),
  made_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (owner, id)
);

create index bot_of_shard on bot (shard) where status <> 'ended';

-- What each bot was told, in order, and why it did what it did. Written in the commit that moves the bot.
create table bot_event (
  owner text not null,
  bot text not null,
  seq bigint not null check (seq > 0),
  epoch bigint not null,
  at timestamptz not null default now(),
  event json not null,
  notes json not null,
  primary key (owner, bot, seq)
);

-- What the owner asks of a bot: taken by the worker that has its shard, answered with what came of it.
create table bot_command (
  owner text not null,
  bot text not null,
  id bigint generated always as identity,
  body json not null,
  made_at timestamptz not null default now(),
  done_at timestamptz,
  outcome json,
  primary key (owner, bot, id)
);

create index bot_command_open on bot_command (id) where done_at is null;

create table deal (
  owner text not null,
  bot text not null,
  number integer not null check (number > 0),
  symbol text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  body json not null,
  primary key (owner, bot, number)
);

-- Every execution of a connection, also of orders that are not a bot's: with the balances at the start they give the
-- balances of today.
create table fill (
  owner text not null,
  connection text not null,
  symbol text not null,
  trade_id text not null check (length(trade_id) <= 64),
  -- Null where no order of ours explains the trade.
  bot text,
  order_name text,
  intent_seq bigint,
  venue_order_id text not null,
  side text not null check (side in ('buy', 'sell')),
  price numeric not null,
  quantity numeric not null,
  amount numeric not null,
  fee numeric not null,
  fee_asset text not null,
  maker boolean not null,
  at timestamptz not null,
  primary key (owner, connection, symbol, trade_id)
);

create index fill_of_bot on fill (owner, bot, intent_seq);

-- From which trade on a connection's history must be read again after a restart: everything before is in `fill`.
create table trade_cursor (
  owner text not null,
  connection text not null,
  symbol text not null,
  next_id bigint not null check (next_id >= 0),
  primary key (owner, connection, symbol)
);

-- Everything that a person may want to be told, numbered per owner in the order of commits: what was read up to a
-- number is complete.
create table outbox (
  owner text not null,
  id bigint not null check (id > 0),
  at timestamptz not null default now(),
  kind text not null check (length(kind) between 1 and 40),
  bot text,
  body json not null,
  primary key (owner, id)
);

create table outbox_head (
  owner text primary key,
  last bigint not null check (last >= 0)
);

alter table intent add column method text not null default 'create' check (method in ('create', 'cancel'));
-- The machine's own name of the order; null for orders that a person placed by hand.
alter table intent add column order_name text check (length(order_name) <= 40);

create index intent_order on intent (owner, bot, order_name) where order_name is not null;
