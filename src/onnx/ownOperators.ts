/** The domain of operators that are Distillery's own: none of them is ever written to a file. */
export const OWN_DOMAIN = 'distillery';

/** The key of the operator that rounds floats to what integers stand for; see `fakeQuantize`. */
export const FAKE_QUANTIZE = `${OWN_DOMAIN}.FakeQuantize`;
