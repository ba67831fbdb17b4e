/** A source's words and what they mean. Case does not matter, and `*` stands for any characters; exact words go first. */
export function createWordTable<T extends string>(words: Readonly<Record<string, T>>): (word: string) => T | null {
  const exact = new Map<string, T>()
  const globs: { readonly shape: RegExp; readonly meaning: T }[] = []
  for (const [word, meaning] of Object.entries(words)) {
    if (word.includes('*')) {
      const source = word.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      globs.push({ shape: new RegExp(`^${source.join('.*')}$`, 'isu'), meaning })
    } else exact.set(word.trim().toLowerCase(), meaning)
  }
  return (word) => {
    const found = exact.get(word.toLowerCase())
    if (found !== undefined) return found
    return word.length > 300 ? null : (globs.find(({ shape }) => shape.test(word))?.meaning ?? null)
  }
}
