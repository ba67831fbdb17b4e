/** The text's first UTF-16 units, at most `most` of them and no half of a pair at the end. */
export function clipText(text: string, most: number): string {
  if (text.length <= most) return text
  const isHalf = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800
  return text.slice(0, isHalf ? most - 1 : most)
}
