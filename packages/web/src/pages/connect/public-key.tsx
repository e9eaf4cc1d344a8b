/** The public half of a key, to be read and copied. */
export function PublicKey({ pem }: { readonly pem: string }) {
  return (
    <pre
      className="overflow-x-auto rounded-md border border-line bg-ground p-3 text-xs"
      tabIndex={0}
      data-testid="public-key"
    >
      {pem}
    </pre>
  );
}
