import { type ConfigResult, type ConfigSources, type Fault, formatFault, loadConfig } from '../../config.ts'

/** Loads from texts; `files` are found under /etc/app, which is the working directory. */
export function load(
  yaml: string | null,
  env: Record<string, string> = {},
  files: Record<string, string> = {},
  rest: Partial<ConfigSources> = {},
): ConfigResult {
  const all: Record<string, string> = yaml === null ? files : { ...files, 'crmwatch.yaml': yaml }
  const readFile = (path: string): string => {
    const text = all[path.replace(/^\/etc\/app\//, '')]
    if (text === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' })
    return text
  }
  return loadConfig({ file: null, env, cwd: '/etc/app', readFile, ...rest })
}

export function configOf(result: ConfigResult) {
  if (!result.ok) throw new Error(result.faults.map(formatFault).join('\n'))
  return result.config
}

export const faultsOf = (result: ConfigResult): readonly Fault[] => (result.ok ? [] : result.faults)
export const linesOf = (result: ConfigResult): string[] => faultsOf(result).map(formatFault)
