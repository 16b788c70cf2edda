export const CREATE_USAGE = `Usage: xl [-vtTfN] create <ConfigFile> [options] [vars]

Make a domain from a configuration (xl.cfg(5)) and let it run.

Options:

-c                      Attach to the domain's console.
-d                      Enable debug messages.
-e                      Leave nobody behind that handles the end of the domain.
-F                      Stay in the foreground until the end of the domain.
-f FILE, --defconfig=FILE
                        The configuration's file.
-h                      Print this help.
-n, --dryrun            Print what the configuration means, and create nothing.
-p                      Leave the domain paused.
-q, --quiet             Say nothing about reading the configuration.
`;
