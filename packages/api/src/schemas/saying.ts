/** A sentence of the server, and what it is made of, for whoever says it in another language. */
import { z } from 'zod';
import { type Kind, type Saying, sayings, valueKinds } from '../sayings/index.ts';
import { instant, signedDecimal } from './values.ts';

function valueOf(kind: Kind): z.ZodType {
  switch (kind) {
    case 'count':
      return z.int();
    case 'decimal':
      return signedDecimal;
    case 'instant':
      return instant;
    case 'text':
      return z.string();
    case 'saying':
      return z.lazy(() => saying);
    case 'sayings':
      return z.array(z.lazy(() => saying));
    default:
      return z.enum(kind);
  }
}

const variants = Object.entries(sayings).map(([code, names]) =>
  z.strictObject({
    code: z.literal(code),
    values: z.strictObject(Object.fromEntries(names.map((name) => [name, valueOf(valueKinds[name])]))),
  }),
);
const [first, ...others] = variants;
if (first === undefined) throw new Error('there are sayings');

/** A code of a closed union with exactly its values. The cast says what the table above makes. */
export const saying = z
  .discriminatedUnion('code', [first, ...others])
  .meta({ id: 'Saying' }) as unknown as z.ZodType<Saying>;

/** English for everybody, and its saying for other languages; null where only the words were kept. */
export const said = { sentence: z.string(), said: saying.nullable() } as const;

export const sentence = z.strictObject(said).meta({ id: 'Sentence' });

export type Sentence = z.infer<typeof sentence>;
