import { join } from 'node:path'
import { ADAPTERS } from '../ingest/adapters/registry.ts'
import type { AdapterFigures, AdapterInput } from './adapter-child.ts'
import { runChild } from './child-task.ts'

const CHILD = join(import.meta.dirname, 'adapter-child.ts')

/** How fast each adapter reads, one after the other. */
export async function measureAdapters(rows: number, signal: AbortSignal): Promise<AdapterFigures[]> {
  const figures: AdapterFigures[] = []
  for (const { name } of ADAPTERS) {
    const input: AdapterInput = { adapter: name, rows }
    figures.push(await runChild<AdapterFigures>(CHILD, input, { signal }))
  }
  return figures
}
