import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './child-task.ts'
import type { LookBackFigures, LookBackInput } from './look-back-child.ts'

const CHILD = join(import.meta.dirname, 'look-back-child.ts')

/** How long an analyst waits who has one person's past examined. */
export async function measureLookBack(
  workDir: string,
  people: Omit<LookBackInput, 'dir'>,
  signal: AbortSignal,
): Promise<LookBackFigures> {
  const dir = join(workDir, 'look-back')
  mkdirSync(dir)
  return await runChild<LookBackFigures>(CHILD, { dir, ...people }, { signal })
}
