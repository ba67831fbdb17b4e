/** How messages name an input: a file by its path, `-` as what it stands for. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : file)
