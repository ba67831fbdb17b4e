import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What is being written in the background may still bring a file into being. */
const REMOVING = { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }
const folders = new Set<string>()
let isWatched = false

export interface WorkingFolder {
  readonly dir: string
  /** Removes it, unless it was there before. */
  remove(): void
}

/** The folder `given`, or a new one for what a command works on, which goes when the process ends at the latest. */
export function workingFolder(given: string | null, prefix: string): WorkingFolder {
  if (given !== null) return { dir: given, remove: () => undefined }
  if (!isWatched) process.on('exit', removeAll)
  isWatched = true
  const dir = mkdtempSync(join(tmpdir(), prefix))
  folders.add(dir)
  return {
    dir,
    remove() {
      folders.delete(dir)
      rmSync(dir, REMOVING)
    },
  }
}

function removeAll(): void {
  for (const dir of folders) rmSync(dir, REMOVING)
}
