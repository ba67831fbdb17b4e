import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './child-task.ts'
import type { TenantFigures, TenantsInput } from './tenants-child.ts'

const CHILD = join(import.meta.dirname, 'tenants-child.ts')

/** What it takes to watch many small companies at once, as a vendor does. */
export async function measureTenants(
  workDir: string,
  tenants: Omit<TenantsInput, 'dir'>,
  signal: AbortSignal,
): Promise<TenantFigures> {
  const dir = join(workDir, 'tenants')
  mkdirSync(dir)
  return await runChild<TenantFigures>(CHILD, { dir, ...tenants }, { signal, execArgv: ['--expose-gc'] })
}
