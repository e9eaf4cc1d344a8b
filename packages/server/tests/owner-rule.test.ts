import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execute, testServers } from './_database.ts';
import { ownerRuleBreaches } from './_owner-rule.ts';

for (const server of testServers) {
  test(`${server.name}: every table that grows with use keeps to one owner`, async (t) => {
    const { url } = await server.database(t);
    assert.deepEqual(await ownerRuleBreaches(url), []);
  });

  test(`${server.name}: each way to break the owner rule is caught`, async (t) => {
    const { url } = await server.database(t);
    await execute(
      url,
      `create table good (owner bigint, id bigint, primary key (owner, id), unique (owner, id));
       create table follows_good (owner bigint, id bigint, primary key (owner, id),
         foreign key (owner, id) references good);
       create table uses_reference (owner bigint, id bigint, migration int references counterfoil_migration,
         primary key (owner, id));
       create table no_key (owner bigint, id bigint);
       create table id_first (id bigint, owner bigint, primary key (id, owner));
       create table unique_across (owner bigint, id bigint, name text unique, primary key (owner, id));
       create table index_across (owner bigint, id bigint, name text, primary key (owner, id));
       create unique index across on index_across (lower(name));
       create table key_across (owner bigint, id bigint, other bigint, primary key (owner, id),
         foreign key (other, id) references good);
       create table unexplained (owner bigint, id bigint primary key);
       comment on table unexplained is 'reference: ';`,
    );
    assert.deepEqual(await ownerRuleBreaches(url), [
      'id_first grows with use, and id_first_pkey does not begin with owner',
      'index_across grows with use, and across does not begin with owner',
      'key_across: key_across_other_id_fkey ties rows of different owners together',
      'no_key grows with use and has no primary key',
      'unexplained grows with use, and unexplained_pkey does not begin with owner',
      'unique_across grows with use, and unique_across_name_key does not begin with owner',
    ]);
  });
}
