/** The text with what stands between its two markers replaced. */
export function withPart(text: string, marker: string, part: string): string {
  const between = new RegExp(`(<!-- ${marker}:[^\n]*-->\n)[\\s\\S]*?(<!-- /${marker} -->)`)
  if (!between.test(text)) throw new Error(`The markers <!-- ${marker}: ... --> and <!-- /${marker} --> are missing`)
  return text.replace(between, (_whole, start: string, end: string) => `${start}\n${part}\n\n${end}`)
}

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
/** A Markdown table. */
export const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(...header), row(...header.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n')
