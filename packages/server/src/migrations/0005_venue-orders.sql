-- Whose order a trade belongs to: asked for trades that no waiting order explains.
create index intent_venue_order on intent (owner, connection, (outcome ->> 'venueOrderId'))
  where outcome ->> 'venueOrderId' is not null;
