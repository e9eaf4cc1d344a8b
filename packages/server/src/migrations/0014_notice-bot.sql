-- Whose decision a notice tells, so that a page can lead there. Null in rows of before, and where it is no bot's.
alter table notice add column bot text;
