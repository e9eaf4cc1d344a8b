-- What the owner is shown of a key: how it was born, what the venue says that it may do, and why it does not work.
alter table connection add column born text not null default 'vault-born' check (born in ('vault-born', 'sealed'));
alter table connection add column key_type text not null default 'ed25519'
  check (key_type in ('ed25519', 'rsa', 'hmac'));
alter table connection add column public_key_pem text check (length(public_key_pem) <= 2000);
-- What opens the connection's leaves, sealed to a key of its owner: opaque here, in base64url.
alter table connection add column view_key_sealed text check (length(view_key_sealed) <= 200);
alter table connection add column permissions json;
alter table connection add column checked_at timestamptz;
alter table connection add column trouble text check (length(trouble) <= 500);
