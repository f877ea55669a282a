/** How quotes and apostrophes are written: in running text, and as the common libraries do. */
const marks: readonly (readonly [quote: string, apostrophe: string])[] = [
  ['"', "'"],
  ["&quot;", "'"],
  ["&quot;", "&#39;"],
  ["&quot;", "&#x27;"],
  ["&quot;", "&apos;"],
  ["&#34;", "&#39;"],
];

/** A text as it stands in HTML or XML, in an element or in an attribute. */
export function htmlForms(text: string): readonly string[] {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return marks.map(([quote, apostrophe]) =>
    plain.replaceAll('"', quote).replaceAll("'", apostrophe)
  );
}
