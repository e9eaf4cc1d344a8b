/** What the server says, in the reader's language. */
import { type Sentence, useTold } from '../app/told.ts';

export function Told({ of }: { readonly of: Sentence }) {
  const { text, lang } = useTold()(of);
  return <span lang={lang}>{text}</span>;
}
