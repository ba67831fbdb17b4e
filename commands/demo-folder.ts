import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { removeStore } from '../store/maintenance.ts'
import { makeFolder } from '../store/make-folder.ts'
import { storePath } from '../store/store-path.ts'

/** What a demo's folder remembers of its story, so that the next start goes on with it. */
export interface Beginning {
  readonly now: number
  readonly seed: number
}

export interface DemoFolderOptions {
  /** Begins anew: deletes the former demo's files, and nothing else. */
  readonly fresh: boolean
  /** The story that a new folder begins with. */
  readonly beginning: Beginning
}

/** Of the admin token, for whoever runs the demo. */
export const tokenPath = (dir: string): string => join(dir, 'admin-token')

/**
 * Gives the story that a demo's folder holds, after making it one. Throws where a store is that is no demo's, which
 * simulated people would spoil, and where another process has the store that is to be deleted.
 */
export async function openDemoFolder(dir: string, { fresh, beginning }: DemoFolderOptions): Promise<Beginning> {
  makeFolder(dir)
  const path = join(dir, 'story.json')
  if (!existsSync(path) && existsSync(storePath(dir)))
    throw new Error(
      `The store in ${dir} is no demo's: simulated people would be mixed into it. Name another folder with --data.`,
    )
  if (fresh) {
    await removeStore(dir)
    for (const own of [path, tokenPath(dir)]) rmSync(own, { force: true })
  }
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Beginning
  writeFileSync(path, `${JSON.stringify(beginning)}\n`)
  return beginning
}
