/**
 * Finds the name that an adapter knows a column by, however a collector has spelt it: without regard to letter case and
 * to anything but letters and digits. Null for a column that is none of them.
 */
export function createKnownColumns(names: readonly string[]): (native: string) => string | null {
  const known = new Map(names.map((name) => [plain(name), name]))
  return (native) => known.get(plain(native)) ?? null
}

const plain = (name: string): string =>
  name
    .slice(0, 256)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
