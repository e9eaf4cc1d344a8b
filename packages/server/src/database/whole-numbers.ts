import { types, type CustomTypesConfig } from 'pg';

// Object ids of types, fixed in src/include/catalog/pg_type.dat.
const int8 = 20;
const int8Array = 1016;
const numeric = 1700;
const numericArray = 1231;

/**
 * The one place where the database's numbers become ours: `int8` and `numeric` arrive as `bigint`, alone and in
 * arrays of one dimension. Money is stored as whole units beside its scale, so a `numeric` with a fraction is a
 * defect and throws instead of being rounded. (pg's own reader would turn `numeric[]` into floats.)
 */
export const wholeNumbers: CustomTypesConfig = {
  getTypeParser(oid, format): unknown {
    switch (Number(oid)) {
      case int8:
      case numeric:
        return parseWhole;
      case int8Array:
      case numericArray:
        return parseWholes;
      default: {
        const parser: unknown = types.getTypeParser(oid, format);
        return parser;
      }
    }
  },
};

function parseWhole(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new RangeError(`the database returned ${text} where whole units belong`);
  return BigInt(text);
}

// Numbers are never quoted in PostgreSQL's array notation, so commas separate them: {1,NULL,-3}
function parseWholes(text: string): (bigint | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((entry) => (entry === 'NULL' ? null : parseWhole(entry)));
}
