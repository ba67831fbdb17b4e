/** Letters of a name per letter that may be wrong in it; names of fewer are too near to others' to guess at. */
const LETTERS_PER_MISTAKE = 6
/** Names of a row that are looked at; HR exports have fewer columns. */
const MOST_NAMES = 500

/**
 * Looks for those of `fields` that a row does not give, while it gives a name much like theirs: the same letters but for
 * case and what stands between them, or with a mistake in one place. A typo would otherwise pass as a column that HR has
 * besides.
 */
export function createMisspeltFields(fields: readonly string[]) {
  const meant = fields.map((field) => {
    const letters = lettersOf(field)
    return { field, letters, mistakes: Math.floor(letters.length / LETTERS_PER_MISTAKE) }
  })
  const known = new Set(fields)
  return (given: ReadonlyMap<string, unknown>): string[] => {
    const others: string[] = []
    for (const name of given.keys()) {
      if (others.length === MOST_NAMES) break
      if (!known.has(name)) others.push(lettersOf(name))
    }
    return meant
      .filter(
        ({ field, letters, mistakes }) =>
          !given.has(field) && others.some((other) => differsAtMost(other, letters, mistakes)),
      )
      .map(({ field }) => field)
  }
}

const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** Whether two words are the same but for one place of at most `most` letters. */
function differsAtMost(word: string, other: string, most: number): boolean {
  if (Math.abs(word.length - other.length) > most) return false
  const shorter = Math.min(word.length, other.length)
  let start = 0
  while (start < shorter && word[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && word.at(-1 - end) === other.at(-1 - end)) end++
  return Math.max(word.length, other.length) - start - end <= most
}
