/** Where an operation came from. */
export interface Origin {
  readonly src_ip: string | null
  readonly user_agent: string | null
  readonly session_uid: string | null
  readonly device_uid: string | null
}
