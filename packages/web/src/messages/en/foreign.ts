/** Trades that we did not place, and what to do about them. */
export const foreign = {
  'foreign.none': 'Every trade at the exchange has a receipt here.',
  'foreign.question': 'A trade we didn’t place.',
  'foreign.sentence': '{side, select, buy {Buy} other {Sell}} {quantity} {symbol} at {price},',
  'foreign.answer.mine': 'It was me',
  'foreign.answer.other-app': 'Another app of mine',
  'foreign.answer.not-me': 'Not me, freeze',
  'foreign.asked': 'What is asked stands at the top of this page.',
  'foreign.account': 'at {venue}, account of the key “{label}”.',
  'foreign.answered.open': 'not answered yet',
  'foreign.answered.mine': 'You say: it was me.',
  'foreign.answered.other-app': 'You say: another app of mine.',
  'foreign.answered.not-me': 'You say: not me.',
  'foreign.steps': 'What to do now',
  'notMe.title': 'Not your trade: what to do now',
  'notMe.none': 'There is no such trade in this workspace.',
  'notMe.done': 'Done',
  'notMe.state.done': '✓ done',
  'notMe.state.open': '◌ to do',
  'notMe.frozen': 'Freeze',
  'notMe.frozen.is': 'The vault signs nothing with “{label}”, since',
  'notMe.frozen.not': 'It is not frozen any more: the vault signs with this key. Hold Freeze to stop it.',
  'notMe.delete': 'Delete the key at the exchange',
  'notMe.delete.why':
    'Only that stops a copy of it. Sign in at the exchange by its address that you type yourself, never by a link in a message.',
  'notMe.password': 'Change the exchange password and passkey',
  'notMe.password.why':
    'Whoever placed the trade may be signed in there. End all other sessions, and look for keys that you do not know.',
  'notMe.evidence': 'Save the evidence',
  'notMe.evidence.what':
    'One file: the trade, the key without anything secret, your newest orders, who did what here, and the signed head of the log that does not explain the trade.',
  'notMe.evidence.save': 'Save the file',
  'notMe.report': 'Tell the exchange',
  'notMe.report.how':
    'Write to its support with the file: which order it was, that no vault of yours signed it, and that you ask from which key and address it came. Counterfoil tells nobody by itself.',
  'notMe.kept': 'Ticks are kept in this browser.',
  'notMe.then': 'When the old key is gone, give the connection a new one:',
} as const satisfies Readonly<Record<string, string>>;
