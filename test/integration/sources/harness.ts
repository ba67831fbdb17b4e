import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { SourceDetailsView } from '../../../api/source-schemas.ts'
import type { ServiceProcess } from '../../support/service-process.ts'

/** A folder with a configuration file that names these sources, and the store's place. */
export async function withSources<T>(
  sources: Readonly<Record<string, unknown>>,
  use: (dir: string, settings: Readonly<Record<string, string>>, config: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'crmwatch-sources-'))
  try {
    const config = join(dir, 'crmwatch.yaml')
    await writeFile(config, stringify({ sources }))
    return await use(dir, { CRMWATCH_DATA_DIR: join(dir, 'data'), CRMWATCH_INGEST_BATCH_MAX_DELAY_MS: '20' }, config)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

export const detailsOf = (service: ServiceProcess, name: string): Promise<SourceDetailsView> =>
  service.json(`/v1/sources/${name}`)
