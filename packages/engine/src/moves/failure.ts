/** The service could not do the work; nothing is the candidate's fault, and the step is tried again. */
export class InfrastructureFailure extends Error {}
