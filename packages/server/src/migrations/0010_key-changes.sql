-- A key that shall replace the connection's: made in the vault, not yet told to the venue.
alter table connection add column successor_key_type text check (successor_key_type in ('ed25519', 'rsa'));
alter table connection add column successor_public_key_pem text check (length(successor_public_key_pem) <= 2000);
alter table connection add constraint connection_successor_whole
  check ((successor_key_type is null) = (successor_public_key_pem is null));
-- The venue's id of the first key, once another has replaced it: the connection's chain of leaves begins with it.
alter table connection add column first_api_key_id text check (length(first_api_key_id) <= 128);
-- The key is destroyed; orders, fills and receipts stay.
alter table connection add column removed_at timestamptz;
