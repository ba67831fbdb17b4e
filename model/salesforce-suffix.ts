const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The last three of a Salesforce id's 18 characters: each says which of five of the first 15 are capitals. */
export function salesforceSuffix(id: string): string {
  let suffix = ''
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) {
      const code = id.charCodeAt(chunk + i)
      if (code >= 65 && code <= 90) bits |= 1 << i
    }
    suffix += SUFFIX[bits]
  }
  return suffix
}
