// Imported before the cells: they are written while they are imported.
import { recordOrigins } from '../src/config/builder';

recordOrigins();
