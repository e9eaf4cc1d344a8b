-- The code and values that a sentence was made of, so that a page in another language can say it. Null in rows of
-- before, which have their words alone.
alter table activity add column said json;
alter table notice add column subject_said json, add column body_said json;
alter table job add column title_said json;
