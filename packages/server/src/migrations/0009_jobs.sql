-- Long work that people ask for: tests of plans over recorded candles. It trades nothing.
create table job (
  owner text not null,
  id text not null,
  kind text not null check (kind in ('backtest', 'sweep')),
  title text not null,
  -- What was asked, and what names its candles completely.
  request json not null,
  source json not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  step text not null,
  percent double precision not null default 0 check (percent between 0 and 100),
  seconds_left integer,
  error text,
  result json,
  -- Outcomes in `job_part`.
  outcomes integer not null default 0,
  -- Which server runs it, and until when that is believed without news.
  runner text,
  lease_until timestamptz,
  made_at timestamptz not null,
  ended_at timestamptz,
  primary key (owner, id)
);

create index job_newest on job (owner, made_at desc, id);
create index job_open on job (made_at) where state in ('waiting', 'running');

-- What a sweep found so far, so that it goes on where it stopped.
create table job_part (
  owner text not null,
  job text not null,
  first_index bigint not null,
  body json not null,
  primary key (owner, job, first_index),
  foreign key (owner, job) references job on delete cascade
);
