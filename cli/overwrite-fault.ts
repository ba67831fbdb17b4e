import { statSync } from 'node:fs'

/** Says so where writing `output` would destroy one of the files to be read, by whatever name or link; null where not. */
export function overwriteFault(output: string, inputs: readonly string[]): string | null {
  const written = fileAt(output)
  const isRead = written !== null && inputs.some((input) => fileAt(input) === written)
  return isRead ? `${output} would overwrite a file that is read; name another` : null
}

/** What file a path leads to; null for none, and for pipes and devices, which hold nothing to lose. */
function fileAt(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : null
}
