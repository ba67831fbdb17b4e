import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { errorCode } from '../model/error-code.ts'

/** Makes the folder and those it is in, for their owner alone. Throws, naming the path, where that cannot be. */
export function makeFolder(dir: string): void {
  const missing: string[] = []
  // One by one: where the system answers ENOENT for a folder whose parent exists, as in /proc, Node's recursive mkdir
  // never returns.
  for (let path = resolve(dir); !existsSync(path); path = dirname(path)) missing.unshift(path)
  for (const path of missing) makeOne(path, dir)
  if (!statSync(dir).isDirectory()) throw new Error(`${dir} is a file; the store needs a folder.`)
}

/** Whether others than its owner may enter the folder and so come to what is in it. */
export const isOpenToOthers = (dir: string): boolean => (statSync(dir).mode & 0o011) !== 0

function makeOne(path: string, dir: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const code = errorCode(error) ?? 'unknown'
    // Somebody else may have made it just now.
    if (code === 'EEXIST') return
    const where = path === resolve(dir) ? '' : `, since ${path} cannot`
    throw new Error(`The folder ${dir} cannot be made${where} (${code}); give a folder that is there or can be made.`, {
      cause: error,
    })
  }
}
