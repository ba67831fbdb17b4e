import type { Config } from '../../config.ts'

/** The configuration under which the product is judged: the planted contacts are the data set's own. */
export function configFor(config: Config, planted: readonly string[]): Config {
  return planted.length === 0 ? config : { ...config, canary: { contacts: planted } }
}
