/**
 * The base of a class whose private fields belong to an object of another class, which is given to `super`. They show nowhere among the object's members, and unlike the entries of
 * a WeakMap they cost the garbage collector nothing of their own.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- only a constructor that returns another object adds private fields to it
export class PrivateMember {
  constructor(owner: object) {
    return owner;
  }
}
