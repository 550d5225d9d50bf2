# The series of R's surveillance that detectors.R and farrington.R look at, and where they write.
suppressMessages(library(surveillance))
out <- commandArgs(TRUE)[1]
load_one <- function(name) {
  place <- new.env()
  data(list = name, envir = place)
  found <- place[[name]]
  if (is(found, "disProg")) disProg2sts(found) else found
}
sets <- c("salmonella.agona", "salmNewport", "h1_nrwrp", "k1", "m1", "m2", "m3", "m4", "m5", "n1",
          "n2", "q1_nrwh", "q2", "s1", "s2", "s3", "meningo.age", "rotaBB", "salmHospitalized",
          "stsNewport", "influMen", "ha", "measles.weser", "hepatitisA", "shadar", "momo",
          "salmAllOnset", "deleval")
