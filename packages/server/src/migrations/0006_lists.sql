-- What the lists of the API read: everything of an owner, newest first.
create index intent_newest on intent (owner, journalled_at desc, bot, seq) where method = 'create';
create index fill_newest on fill (owner, at desc, symbol, trade_id);
create index deal_newest on deal (owner, started_at desc, bot, number);
