import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** A name for the store of a labelled folder: another one for another folder, and for the same one after a change. */
export function folderKey(dir: string): string {
  // What is not there is told of where it is read.
  const files = (existsSync(dir) ? readdirSync(dir) : []).sort().map((name) => {
    const { size, mtimeMs } = statSync(join(dir, name))
    return [name, size, mtimeMs]
  })
  return `${basename(resolve(dir))}-${shortHash(JSON.stringify([resolve(dir), files]))}`
}
