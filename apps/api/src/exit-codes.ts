/** How the program ends that could not serve. A held directory may soon be free, as sysexits' EX_TEMPFAIL says. */
export const exitCodes = { failed: 1, directoryHeld: 75 } as const;
