import { statSync } from 'node:fs'

/** The first of the files to be read that writing `output` would destroy, by whatever name or link; null where there is none. */
export function overwrittenInput(output: string, inputs: readonly string[]): string | null {
  const written = fileAt(output)
  if (written === null) return null
  return inputs.find((input) => fileAt(input) === written) ?? null
}

/** What file a path leads to; null for none, and for pipes and devices, which hold nothing to lose. */
function fileAt(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : null
}
