// Plain JavaScript: the bootstrap uses it under whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Runs `work` while this process alone holds the lock folder; a lock whose holder is dead is taken over.
 * @template T
 * @param {string} folder path of the lock folder, which must not be used for anything else
 * @param {(pid: number) => void} waiting told once which process is waited for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, waiting, work) {
  let told = false;
  for (let holder = takeLock(folder); holder !== undefined; holder = takeLock(folder)) {
    if (!told) waiting(holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    releaseLock(folder);
  }
}

/**
 * Takes the lock folder for this process, also from a holder that is dead; else gives the process that has it.
 * @param {string} folder path of the lock folder, which must not be used for anything else
 * @returns {number | undefined}
 */
export function takeLock(folder) {
  while (!take(folder)) {
    const holder = holderOf(folder);
    if (holder === undefined) continue;
    if (isHolding(folder, holder)) return holder;
    release(folder, holder);
  }
  return undefined;
}

/**
 * Gives the lock folder back.
 * @param {string} folder
 */
export function releaseLock(folder) {
  release(folder, process.pid);
}

/**
 * The living process that holds the lock folder.
 * @param {string} folder
 * @returns {number | undefined}
 */
export function lockHolder(folder) {
  const holder = holderOf(folder);
  return holder !== undefined && isHolding(folder, holder) ? holder : undefined;
}

/**
 * Does a process with this id exist?
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * The command line of a process, empty when there is none.
 * @param {number} pid
 */
export function commandLineOf(pid) {
  if (existsSync('/proc/self/cmdline')) {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
  }
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

/** When a process began: with its id it names one process for good, whereas ids are given again, after a reboot soon. */
function beginningOf(/** @type {number} */ pid) {
  if (!existsSync('/proc/self/stat')) {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  }
  // The 22nd field; the second is the program's name, which may hold anything.
  const stat = readIfThere(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isHolding(/** @type {string} */ folder, /** @type {number} */ holder) {
  return isAlive(holder) && readIfThere(join(folder, 'began')) === beginningOf(holder);
}

/** A folder is made whole, with its holder inside, and then renamed: a rename onto a folder that is not empty fails. */
function take(/** @type {string} */ folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const candidate = `${folder}.${process.pid}`;
  mkdirSync(candidate, { recursive: true });
  writeFileSync(join(candidate, 'pid'), String(process.pid));
  writeFileSync(join(candidate, 'began'), beginningOf(process.pid));
  try {
    renameSync(candidate, folder);
    return true;
  } catch (error) {
    rmSync(candidate, { recursive: true, force: true });
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns {number | undefined} undefined when the lock was given back meanwhile */
function holderOf(/** @type {string} */ folder) {
  const pid = readIfThere(join(folder, 'pid'));
  return pid === undefined ? undefined : Number(pid);
}

function readIfThere(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the folder away under a name of its own, and puts it back if somebody else got the lock in between. */
function release(/** @type {string} */ folder, /** @type {number} */ holder) {
  const aside = `${folder}.released.${process.pid}`;
  try {
    renameSync(folder, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside) === holder) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, folder);
}
