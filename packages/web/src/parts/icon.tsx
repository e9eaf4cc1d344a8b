/** The page's own icons: 20 units square, drawn with the colour of the text beside them. */
const paths = {
  home: 'M3 10l7-6 7 6v7h-5v-5H8v5H3z',
  bots: 'M4 8h12v8H4zM10 8V4M7 12h.01M13 12h.01',
  trade: 'M4 14l4-5 3 3 5-7M12 5h4v4',
  backtests: 'M10 4a6 6 0 1 0 6 6M10 7v3l2 2M13 3l3 1-1 3',
  receipts: 'M5 3h10v14l-2-2-1.5 2L10 15l-1.500 2L7 15l-2 2zM8 7h4M8 10h4',
  security: 'M10 3l6 2v5c0 4-3 6-6 7-3-1-6-3-6-7V5z',
  more: 'M4 10h.01M10 10h.01M16 10h.01',
  bell: 'M6 14V9a4 4 0 0 1 8 0v5l1.500 1.500h-11zM9 17h2',
  jobs: 'M4 5h12M4 10h12M4 15h8',
  person: 'M10 3a3.500 3.500 0 0 1 0 7 3.500 3.500 0 0 1 0-7M3.500 17c.5-3.500 3-5 6.500-5s6 1.500 6.500 5',
  settings: 'M4 6h8M15 6h1M4 10h2M9 10h7M4 14h6M13 14h3M12 4v4M6 8v4M10 12v4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg viewBox="0 0 20 20" className="size-5 shrink-0" aria-hidden="true">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
