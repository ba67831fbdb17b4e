import { join } from 'node:path'

/** The file that a store in a folder is. */
export const storePath = (dir: string): string => join(dir, 'crmwatch.duckdb')
