-- What was asked of the vault, written before it leaves: the fixed id (bot, seq) is what makes asking twice harmless.
create table connection (
  owner text not null check (length(owner) between 1 and 40),
  id text not null check (length(id) between 1 and 40),
  venue text not null check (length(venue) between 1 and 32),
  label text not null check (length(label) <= 80),
  -- The venue's id of the key; null until the public half is registered there.
  api_key_id text check (length(api_key_id) <= 128),
  made_at timestamptz not null default now(),
  primary key (owner, id)
);

-- The highest sequence given out to a bot: taken with its row locked, so that no two intents share one.
create table bot_sequence (
  owner text not null,
  bot text not null check (length(bot) between 1 and 40),
  last bigint not null check (last >= 0),
  primary key (owner, bot)
);

create table intent (
  owner text not null,
  bot text not null,
  seq bigint not null check (seq >= 0),
  connection text not null,
  body jsonb not null,
  state text not null check (state in ('journalled', 'accepted', 'rejected', 'notPlaced', 'refused', 'unknown')),
  client_order_id text check (length(client_order_id) <= 36),
  outcome jsonb,
  -- The sign leaf's receipt, as opaque text: what proves it is the log.
  receipt text check (length(receipt) <= 65536),
  journalled_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (owner, bot, seq)
);

create index intent_open on intent (owner, state) where state in ('journalled', 'unknown');

-- One number for the whole installation: each attachment of a worker to the vault takes the next.
create table worker_epoch (
  only_row boolean primary key default true check (only_row),
  epoch bigint not null check (epoch between 0 and 4294967295)
);

comment on table worker_epoch is 'reference: exactly one row';

insert into worker_epoch (epoch) values (0);
