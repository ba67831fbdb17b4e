import { readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConfigFindings } from '../cli/check-config.ts'
import type { Config } from '../config.ts'
import { fileFault, IS_FILE } from '../model/file-fault.ts'
import { FOLDER_WANTED, notAFolder } from '../store/make-folder.ts'
import { readStaffRows } from './read-staff-rows.ts'
import { readUserMap, USER_MAP_WANTED } from './sources/read-user-map.ts'

/** The part of the configuration that names them. */
type CheckedConfig = Pick<Config, 'sources' | 'org'> & {
  readonly staff: Pick<Config['staff'], 'file'>
  readonly data: Pick<Config['data'], 'dir'>
}

/**
 * The files and folders that a configuration names, as the start will find them: faults are what it would fail for, notes
 * what it goes on without, for a folder may be mounted later.
 */
export function checkFiles({ sources, staff, org, data }: CheckedConfig): ConfigFindings {
  const faults: ConfigFindings['faults'][number][] = []
  const notes: ConfigFindings['notes'][number][] = []
  const notFolder = notAFolder(data.dir)
  if (notFolder !== null) {
    faults.push({ path: 'data.dir', found: `${resolve(data.dir)}: ${notFolder}`, allowed: FOLDER_WANTED })
  }
  for (const [name, { user_map, folder }] of Object.entries(sources)) {
    const map = user_map === undefined ? null : readUserMap(user_map)
    if (user_map !== undefined && map?.ok === false) {
      const path = `sources.${name}.user_map`
      faults.push({
        path,
        found: `${resolve(user_map)}: ${map.reason}`,
        allowed: USER_MAP_WANTED,
      })
    }
    const why = folder === undefined ? null : folderFault(folder.path)
    if (folder !== undefined && why !== null) {
      const text = `${resolve(folder.path)} cannot be read: ${why}; files are taken once it can be`
      notes.push({ path: `sources.${name}.folder.path`, text })
    }
  }
  if (staff.file !== null) {
    const reason = staffFault(staff.file, org.default)
    if (reason !== null) {
      faults.push({ path: 'staff.file', found: `${resolve(staff.file)}: ${reason}`, allowed: 'JSON lines or CSV' })
    }
  }
  return { faults, notes }
}

function folderFault(path: string): string | null {
  try {
    if (statSync(path).isFile()) return IS_FILE
    readdirSync(path)
    return null
  } catch (error) {
    return fileFault(error)
  }
}

function staffFault(file: string, org: string): string | null {
  try {
    const rows = readStaffRows(file, org, 0)
    return rows.ok ? null : rows.reason
  } catch (error) {
    return `the file cannot be read: ${fileFault(error)}`
  }
}
