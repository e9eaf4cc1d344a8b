/** What a notice is about: the name of a bot, or a saying of the server. */
import type { Notice } from '@counterfoil/api';
import { Told } from './told.tsx';

export function NoticeSubject({ notice }: { readonly notice: Notice }) {
  const { subject, subjectSaid } = notice;
  return subjectSaid === null ? subject : <Told of={{ sentence: subject, said: subjectSaid }} />;
}
